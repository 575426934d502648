namespace CertOperator.Acceptance.Current;

/// <summary><see cref="OperatorTests"/> with Certificates and issuers that a current server keeps.</summary>
[Collection(CurrentOperatorTestGroup.Name)]
public sealed class CurrentOperatorTests(CurrentOperatorFixture fixture) : OperatorTests(fixture);
