"""The pages in the workspace on which people record what is known of an intervention besides its effects."""
