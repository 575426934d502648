namespace CertOperator.Runtime.InMemory.Ownership;

/// <summary>Who wrote fields, and by which door: the same manager owns apart what it applied, updated, and wrote to status.</summary>
internal sealed record FieldManager(string Name, string ApiVersion, string Subresource = "");

/// <summary>An entry of managedFields.</summary>
/// <param name="Manager">Who.</param>
/// <param name="Applied">By server-side apply; otherwise by any other write.</param>
/// <param name="Time">Of the last change of this entry.</param>
/// <param name="Fields">What it owns.</param>
internal sealed record FieldOwner(FieldManager Manager, bool Applied, DateTimeOffset Time, FieldSet Fields);
