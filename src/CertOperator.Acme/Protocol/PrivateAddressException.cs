namespace CertOperator.Acme.Protocol;

/// <summary>No address of the server is of the public internet. Which one it has is not told: that would let a tenant map the network.</summary>
internal sealed class PrivateAddressException() : IOException("The server has no public address.");
