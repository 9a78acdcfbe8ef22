"""HTTP without a site: headers, bodies, origins, ranges, static files, delivery."""
