using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Objects;

/// <summary>Who owns an object: when the owner is deleted, the garbage collector deletes what it owned.</summary>
public static class Owners
{
    /// <summary>
    /// A reference that makes <paramref name="owner"/> the managing owner; an object can have one. It does not hold up the
    /// owner's deletion, which would need a right on the owner's finalizers.
    /// </summary>
    public static OwnerReference Controller(IKubeObject owner) => Reference(owner) with { Controller = true };

    /// <summary>A reference to one of several owners: the object is garbage when the last of them is gone.</summary>
    public static OwnerReference Reference(IKubeObject owner) => new()
    {
        ApiVersion = owner.ApiVersion,
        Kind = owner.Kind,
        Name = owner.Metadata.Name ?? throw new ArgumentException("The owner has no name.", nameof(owner)),
        Uid = owner.Metadata.Uid ?? throw new ArgumentException("The owner was not read from the API server.", nameof(owner)),
    };

    /// <summary>The managing owner; null if there is none.</summary>
    public static OwnerReference? ControllerOf(ObjectMeta metadata)
        => metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller is true);

    /// <summary>
    /// Whether <paramref name="owner"/> is among the owners: this very object, not a later one of the same name.
    /// </summary>
    public static bool IsOwnedBy(ObjectMeta metadata, IKubeObject owner)
        => owner.Metadata.Uid is { } uid && metadata.OwnerReferences?.Any(reference => reference.Uid == uid) is true;
}
