"""What do studies say together that report several effects each? Multilevel models and robust variances, no Django."""
