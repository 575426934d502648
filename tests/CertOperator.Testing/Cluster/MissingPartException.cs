namespace CertOperator.Testing.Cluster;

/// <summary>A real part that a test needs is not on this machine; where installing it failed, <paramref name="log"/> has the reason.</summary>
public sealed class MissingPartException(string part, string? log)
    : Exception($"{part} is not on this machine: {(log is null ? "run `bash tests/run.sh` once, which installs it" : $"it could not be installed, and {log} has the reason")}.");
