using CertOperator.Api;

namespace CertOperator.Challenges.Http;

/// <summary>The Gateways that an HTTPRoute asks to be attached to. Two are equal if <see cref="Text"/> is.</summary>
internal sealed class GatewayParents : IEquatable<GatewayParents>
{
    private GatewayParents(IReadOnlyList<GatewayParentRef> references, IReadOnlyDictionary<string, string>? labels)
    {
        References = references;
        Labels = labels;
        Text = string.Join('\n', [.. references.Select(parent => parent.ToString()), .. IngressLook.Lines(labels)]);
    }

    public IReadOnlyList<GatewayParentRef> References { get; }

    public IReadOnlyDictionary<string, string>? Labels { get; }

    public string Text { get; }

    /// <summary>A Gateway without a namespace is one beside the Certificate.</summary>
    public static GatewayParents Of(OpenChallenge challenge)
    {
        Http01GatewaySpec? spec = challenge.Solver.Http01?.GatewayHTTPRoute;
        return new GatewayParents([.. (spec?.ParentRefs ?? []).Select(parent => parent with { Namespace = parent.Namespace ?? challenge.Key.Namespace })], spec?.Labels);
    }

    public bool Equals(GatewayParents? other) => other?.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as GatewayParents);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
