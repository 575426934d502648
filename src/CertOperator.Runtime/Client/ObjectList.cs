namespace CertOperator.Runtime.Client;

/// <summary>One page of a list.</summary>
/// <param name="Items">The objects that could be decoded.</param>
/// <param name="ResourceVersion">The version to watch from.</param>
/// <param name="Continue">Token of the next page; null on the last.</param>
/// <param name="Undecodable">Objects that do not fit their type: reported, never a reason to fail the list.</param>
public sealed record ObjectList<T>(
    IReadOnlyList<T> Items,
    string ResourceVersion,
    string? Continue,
    IReadOnlyList<UndecodableObject> Undecodable);

/// <summary>An object whose JSON does not fit its kind.</summary>
/// <param name="Key">Which object, as far as its metadata could be read.</param>
/// <param name="Reason">One sentence with the JSON path; never the content.</param>
public sealed record UndecodableObject(ObjectKey Key, string Reason);
