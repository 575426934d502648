namespace CertOperator.Pki;

/// <summary>
/// Input that cannot be used: the message is one plain sentence that says what is wrong and never holds key material.
/// </summary>
public sealed class PkiException : Exception
{
    public PkiException(string message) : base(message) { }

    public PkiException(string message, Exception innerException) : base(message, innerException) { }
}
