namespace CertOperator.Runtime.Schema;

/// <summary>A column that <c>kubectl get</c> prints, in the order of the attributes.</summary>
/// <param name="name">Heading.</param>
/// <param name="type"><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c> or <c>date</c> (printed as an age).</param>
/// <param name="jsonPath">The field, e.g. <c>.status.phase</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class KubePrinterColumnAttribute(string name, string type, string jsonPath) : Attribute
{
    public string Name { get; } = name;

    public string Type { get; } = type;

    public string JsonPath { get; } = jsonPath;

    /// <summary>More than 0: only with <c>-o wide</c>.</summary>
    public int Priority { get; set; }

    public string? Description { get; set; }
}
