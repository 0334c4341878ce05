"""The graph over HTTP: SPARQL, descriptions of what stands in it, pages."""
