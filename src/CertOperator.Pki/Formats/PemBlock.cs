namespace CertOperator.Pki.Formats;

internal sealed record PemBlock(string Label, byte[] Data);
