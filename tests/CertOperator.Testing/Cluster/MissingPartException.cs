namespace CertOperator.Testing.Cluster;

/// <summary>A real part that a test needs is not on this machine.</summary>
public sealed class MissingPartException(string part)
    : Exception($"{part} is not on this machine: run `bash tests/run.sh` once, which installs it.");
