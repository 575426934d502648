using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance.Current;

/// <summary><see cref="ApplyTests"/> as a current server applies.</summary>
public sealed class CurrentApplyTests(CurrentClusterFixture fixture) : ApplyTests(fixture);
