"""C4.4b: station, parcels both ways, receipt, bench queue."""
