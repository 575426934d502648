using CertOperator.Testing.Cluster;

namespace CertOperator.Runtime.Tests.Client;

/// <summary>The contract where a current server keeps the kinds that CustomResourceDefinitions define.</summary>
public sealed class CurrentApiServerContractTests(CurrentClusterFixture fixture) : RealApiServerContractTests(fixture);
