namespace CertOperator.Architecture.Sample.High;

/// <summary>What the types of the low folder must not use, and do.</summary>
public class TopException : Exception
{
    public int Value => 1;
}

[AttributeUsage(AttributeTargets.Class)]
public sealed class TopAttribute : Attribute;
