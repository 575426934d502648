namespace CertOperator.Acme.Errors;

/// <summary>The only exception that this library throws because of the CA, the network, or what either sent.</summary>
public sealed class AcmeException : Exception
{
    public AcmeException(AcmeFailure failure)
        : base(failure.Message) => Failure = failure;

    public AcmeFailure Failure { get; }
}
