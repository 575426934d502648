namespace CertOperator.Runtime.Client.Http;

/// <summary>Bytes that this client is ready to receive; beyond them a server or proxy has gone mad.</summary>
internal static class KubeLimits
{
    /// <summary>One object: etcd stores at most 1.5 MiB by default, as JSON with managed fields it is larger.</summary>
    public const long Object = 8 << 20;

    /// <summary>One page of a list.</summary>
    public const long List = 256 << 20;

    /// <summary>A refusal.</summary>
    public const long Status = 64 << 10;
}
