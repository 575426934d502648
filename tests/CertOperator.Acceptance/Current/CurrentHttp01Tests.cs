using CertOperator.Acceptance.Acme;

namespace CertOperator.Acceptance.Current;

/// <summary><see cref="Http01Tests"/> with Certificates and issuers that a current server keeps.</summary>
[Collection(CurrentOperatorTestGroup.Name)]
public sealed class CurrentHttp01Tests(CurrentOperatorFixture fixture) : Http01Tests(fixture);
