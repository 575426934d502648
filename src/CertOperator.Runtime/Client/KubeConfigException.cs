namespace CertOperator.Runtime.Client;

/// <summary>No usable connection settings: one sentence that names the file and the context. It never holds credentials.</summary>
public sealed class KubeConfigException(string message) : Exception(message);
