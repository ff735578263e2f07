"""A population of learners with known truth, for demonstrations, benches and honest evaluation."""
