"""The door for events: parse, identify, gate, enrich, seal, append; one file a step."""
