namespace CertOperator.Acceptance.Current;

/// <summary><see cref="LeaderElectionTests"/> with Certificates and issuers that a current server keeps.</summary>
[Collection(CurrentOperatorTestGroup.Name)]
public sealed class CurrentLeaderElectionTests(CurrentOperatorFixture fixture) : LeaderElectionTests(fixture);
