"""The graph: read sources, find out what is the same work, decide, store, ask."""
