"""Fidelity: what real devices do with operands on two devices, recorded, and how well the virtual ones agree."""
