"""What the pages say, for programs: the pooled results that readers can see, with what they were computed from."""
