namespace CertOperator.Runtime.Client.Http;

/// <summary>A reply or one of its parts exceeds what any Kubernetes object can be.</summary>
internal sealed class BodyTooLargeException(long limit) : Exception($"the reply is larger than {limit >> 20} MiB");
