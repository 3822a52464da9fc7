"""Schedule -> Program -> C text: lower ops to kernel calls, pick kernels, print."""
