"""Ways to put questions in an order together: values in, values out."""
