namespace CertOperator.Runtime.Client;

/// <summary>What happened to an object.</summary>
public enum WatchEventType
{
    /// <summary>It is new, or newly selected.</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone, or no longer selected.</summary>
    Deleted,

    /// <summary>Nothing happened up to this resourceVersion.</summary>
    Bookmark,

    /// <summary>It changed into something that cannot be decoded.</summary>
    Undecodable,
}

/// <summary>One event of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object after the change (before it, for a deletion); null for bookmarks and undecodable ones.</param>
/// <param name="ResourceVersion">The version to go on from; empty if it could not be read.</param>
/// <param name="Undecodable">Set for <see cref="WatchEventType.Undecodable"/>.</param>
public sealed record WatchEvent<T>(
    WatchEventType Type,
    T? Object,
    string ResourceVersion,
    UndecodableObject? Undecodable = null)
    where T : class;
