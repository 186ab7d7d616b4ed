"""The laws of the numbers as properties of the whole product, each law in a file of its own."""
