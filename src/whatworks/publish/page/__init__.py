"""The page about an intervention: the would-be page as plain data, part by part, with everything it rests on."""
