"""Standard concepts and the maps onto them."""
