namespace CertOperator.Runtime.Tests.Fakes;

/// <summary>A source of randomness that leaves every wait whole.</summary>
internal sealed class NoJitter : Random
{
    protected override double Sample() => 0;

    public override double NextDouble() => 0;
}
