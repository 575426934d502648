using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.InMemory.Resources;

/// <summary>The kinds of every cluster that this operator, its tests and its users' manifests touch.</summary>
internal static class BuiltInResources
{
    public static ServedResource Namespace { get; } = new(new ResourceType("", "v1", "Namespace", "namespaces", false))
    {
        HasStatus = true,
        ShortNames = ["ns"],
        NameRule = NameRule.Label,
        Shape = ObjectShapes.WithConditions,
        SelectableFields = new Dictionary<string, string> { ["status.phase"] = "", ["name"] = "" },
        Default = BuiltInDefaults.Namespace,
    };

    public static ServedResource CustomResourceDefinition { get; } =
        new(new ResourceType("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false))
        {
            HasStatus = true,
            HasGeneration = true,
            UnconditionalReplace = false,
            ShortNames = ["crd", "crds"],
            Shape = ObjectShapes.WithConditions,
            Default = BuiltInDefaults.CustomResourceDefinition,
            Check = (crd, _) => CrdReader.Check(crd),
        };

    public static IReadOnlyList<ServedResource> All { get; } =
    [
        Namespace,
        CustomResourceDefinition,
        new(new ResourceType("", "v1", "Secret", "secrets", true))
        {
            SelectableFields = new Dictionary<string, string> { ["type"] = "" },
            Default = BuiltInDefaults.Secret,
            Check = SecretRules.Check,
        },
        new(new ResourceType("", "v1", "ConfigMap", "configmaps", true)) { ShortNames = ["cm"], Check = BuiltInRules.ConfigMap },
        new(new ResourceType("", "v1", "Service", "services", true))
        {
            HasStatus = true,
            ShortNames = ["svc"],
            NameRule = NameRule.ServiceLabel,
            Shape = ObjectShapes.Service,
            Default = BuiltInDefaults.Service,
            Check = (json, _) => BuiltInRules.Service(json),
        },
        new(new ResourceType("", "v1", "Endpoints", "endpoints", true)) { ShortNames = ["ep"], ListKind = "EndpointsList" },
        new(new ResourceType("", "v1", "Event", "events", true))
        {
            ShortNames = ["ev"],
            Shape = ObjectShapes.Event,
            SelectableFields = new Dictionary<string, string>
            {
                ["involvedObject.kind"] = "",
                ["involvedObject.namespace"] = "",
                ["involvedObject.name"] = "",
                ["involvedObject.uid"] = "",
                ["involvedObject.apiVersion"] = "",
                ["involvedObject.resourceVersion"] = "",
                ["involvedObject.fieldPath"] = "",
                ["reason"] = "",
                ["type"] = "",
            },
            Check = (json, _) => BuiltInRules.Event(json),
        },
        new(new ResourceType("networking.k8s.io", "v1", "Ingress", "ingresses", true))
        {
            HasStatus = true,
            HasGeneration = true,
            ShortNames = ["ing"],
            Check = (json, _) => BuiltInRules.Ingress(json),
        },
        new(new ResourceType("networking.k8s.io", "v1", "IngressClass", "ingressclasses", false))
        {
            HasGeneration = true,
            Shape = ObjectShapes.IngressClass,
            ListKind = "IngressClassList",
        },
        new(new ResourceType("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true)) { HasGeneration = true },
        new(new ResourceType("coordination.k8s.io", "v1", "Lease", "leases", true)) { UnconditionalReplace = false, Check = (json, _) => BuiltInRules.Lease(json) },
        Workload("Deployment", "deployments", "deploy"),
        Workload("StatefulSet", "statefulsets", "sts"),
        Workload("DaemonSet", "daemonsets", "ds"),
    ];

    private static ServedResource Workload(string kind, string plural, string shortName)
        => new(new ResourceType("apps", "v1", kind, plural, true))
        {
            HasStatus = true,
            HasGeneration = true,
            ShortNames = [shortName],
            Categories = ["all"],
            Shape = ObjectShapes.Workload,
        };
}
