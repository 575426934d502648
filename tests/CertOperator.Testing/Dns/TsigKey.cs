namespace CertOperator.Testing.Dns;

/// <summary>A key that signs DNS messages (RFC 8945): <paramref name="Algorithm"/> is for instance <c>hmac-sha256</c>, the secret is base64.</summary>
public sealed record TsigKey(string Name, string Algorithm, string Secret);
