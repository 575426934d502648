namespace CertOperator.Acceptance.Current;

/// <summary><see cref="WriteCountTests"/> with Certificates and issuers that a current server keeps.</summary>
[Collection(CurrentOperatorTestGroup.Name)]
public sealed class CurrentWriteCountTests(CurrentOperatorFixture fixture) : WriteCountTests(fixture);
