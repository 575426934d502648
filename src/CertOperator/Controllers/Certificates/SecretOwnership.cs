using CertOperator.Api;

namespace CertOperator.Controllers.Certificates;

/// <summary>Whether the operator may write to a Secret that exists already. Pure.</summary>
internal static class SecretOwnership
{
    private const string CertManagerOwner = "cert-manager.io/certificate-name";

    /// <summary>Reason: the Secret has another type than the TLS type.</summary>
    public const string WrongType = "SecretWrongType";

    public static string TypeObjection(string name, string type)
        => $"The Secret {name} exists with type {type}, and a type cannot be changed: delete it, or choose another secretName.";

    /// <summary>
    /// One sentence that says whose the Secret is, if it is somebody else's and does not satisfy the spec: such a Secret is
    /// never overwritten. One that satisfies the spec and has no controller is adopted.
    /// </summary>
    public static string? Objection(Situation situation, SecretShortfall? shortfall)
    {
        if (situation.Secret is not { } secret || situation.OwnsSecret)
            return null;

        // The label of another Certificate that names the Secret no longer, or is gone: left behind, free to take.
        if (secret.Label(Labels.Certificate) is not null)
            return null;

        string? controller = secret.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is { } owner
            ? $"{owner.Kind} {owner.Name}"
            : null;
        if (controller is null && shortfall is null)
            return null;

        string owned = controller
            ?? (secret.Annotation(CertManagerOwner) is { } certificate ? $"cert-manager's Certificate {certificate}" : null)
            ?? (secret.Label(Labels.ManagedBy) is { } manager ? manager : null)
            ?? "somebody else";
        string why = shortfall is null ? "" : $" and does not satisfy the spec ({shortfall.Message})";
        return $"The Secret {situation.SecretName} belongs to {owned}{why}: choose another secretName, or delete that Secret.";
    }
}
