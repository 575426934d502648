using System.ComponentModel;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

/// <summary>One way of proving the control of names.</summary>
[KubeRule("(has(self.http01) ? 1 : 0) + (has(self.dns01) ? 1 : 0) + (has(self.tlsAlpn01) ? 1 : 0) == 1", Sentences.OneChallenge)]
internal sealed record AcmeSolverSpec
{
    [Description("Which names it takes; all if absent.")]
    public SolverSelectorSpec? Selector { get; init; }

    [Description("Answers over HTTP on port 80 (RFC 8555, 8.3). Takes no wildcards.")]
    public Http01Spec? Http01 { get; init; }

    [Description("Answers with a TXT record (RFC 8555, 8.4). Takes no IP addresses.")]
    public Dns01Spec? Dns01 { get; init; }

    [Description("Answers in the TLS handshake on port 443 (RFC 8737). Takes no wildcards.")]
    public TlsAlpn01Spec? TlsAlpn01 { get; init; }
}

internal sealed record SolverSelectorSpec
{
    [Description("Labels that the Certificate must have.")]
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }

    [Description("Exactly these names; *.example.com means the wildcard itself.")]
    [KubeItems(1000)]
    public IReadOnlyList<string>? DnsNames { get; init; }

    [Description("These domains and every name below them; the longest that fits wins.")]
    [KubeItems(1000)]
    public IReadOnlyList<string>? DnsZones { get; init; }
}

[KubeRule("!(has(self.ingress) && has(self.gatewayHTTPRoute))", Sentences.OneHttpRoute)]
internal sealed record Http01Spec
{
    [Description("Shared (the default with ingress): one Ingress for all challenges, in the operator's namespace. InNamespace: an Ingress beside the Certificate. Gateway (the default with gatewayHTTPRoute): an HTTPRoute. External: whoever serves port 80 sends the path to the operator already.")]
    [KubeEnum("Shared", "InNamespace", "Gateway", "External")]
    public string? Route { get; init; }

    [Description("Answers through an ingress controller.")]
    public Http01IngressSpec? Ingress { get; init; }

    [Description("Answers through a Gateway.")]
    public Http01GatewaySpec? GatewayHTTPRoute { get; init; }
}

[KubeRule("!(has(self.class) && has(self.ingressClassName))", Sentences.OneClass)]
internal sealed record Http01IngressSpec
{
    [Description("spec.ingressClassName of the Ingress; the class of the Ingress that the Certificate serves if absent, else the cluster's default.")]
    [KubeLength(253)]
    public string? IngressClassName { get; init; }

    [Description("Value of the annotation kubernetes.io/ingress.class instead.")]
    [KubeLength(253)]
    public string? Class { get; init; }

    [Description("What to add to the Ingress.")]
    public ObjectTemplateSpec? IngressTemplate { get; init; }

    [Description("Taken over from cert-manager's manifests and not used: no Service of that kind is made.")]
    public string? ServiceType { get; init; }

    [Description("Taken over from cert-manager's manifests and not used: no pod is started.")]
    [KubePreserveUnknown]
    public JsonObject? PodTemplate { get; init; }
}

internal sealed record ObjectTemplateSpec
{
    [Description("Labels and annotations.")]
    public LabelsAndAnnotationsSpec? Metadata { get; init; }
}

internal sealed record LabelsAndAnnotationsSpec
{
    [Description("Labels to add.")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Annotations to add.")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

internal sealed record Http01GatewaySpec
{
    [Description("Labels of the HTTPRoute.")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Gateways, and their listeners on port 80, that the HTTPRoute asks to be attached to.")]
    [KubeItems(32)]
    public IReadOnlyList<GatewayParentRef>? ParentRefs { get; init; }

    [Description("Taken over from cert-manager's manifests and not used: no Service of that kind is made.")]
    public string? ServiceType { get; init; }

    [Description("Taken over from cert-manager's manifests and not used: no pod is started.")]
    [KubePreserveUnknown]
    public JsonObject? PodTemplate { get; init; }
}

/// <summary>ParentReference of gateway.networking.k8s.io/v1.</summary>
internal sealed record GatewayParentRef
{
    [Description("API group of the parent; gateway.networking.k8s.io if absent.")]
    [KubeLength(253)]
    public string? Group { get; init; }

    [Description("Kind of the parent; Gateway if absent.")]
    [KubeLength(63)]
    public string? Kind { get; init; }

    [Description("Namespace of the parent; the HTTPRoute's if absent.")]
    [KubeLength(63)]
    public string? Namespace { get; init; }

    [Description("Name of the parent.")]
    [KubeLength(253, Min = 1)]
    public required string Name { get; init; }

    [Description("Name of the listener.")]
    [KubeLength(253)]
    public string? SectionName { get; init; }

    [Description("Port of the listener.")]
    [KubeRange(1, 65535)]
    public int? Port { get; init; }
}

internal sealed record TlsAlpn01Spec;
