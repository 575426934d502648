namespace CertOperator.Pki.Chains;

/// <param name="Code">What is wrong.</param>
/// <param name="Message">One sentence that names the certificate.</param>
/// <param name="Certificate">The certificate that it concerns.</param>
public sealed record ChainProblem(ChainProblemCode Code, string Message, IssuedCertificate Certificate);
