"""维修站点: queue, receive, repair, ship."""
