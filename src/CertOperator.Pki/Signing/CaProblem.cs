namespace CertOperator.Pki.Signing;

/// <param name="Code">What is wrong.</param>
/// <param name="Message">One sentence that names the certificate.</param>
public sealed record CaProblem(CaProblemCode Code, string Message);
