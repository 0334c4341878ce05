"""What things are called: terms, ontology, shapes, venues and named queries."""
