using CertOperator.Runtime.Client;

namespace CertOperator.Cli.Clusters;

/// <summary>What a person at a command line does about a call that failed. Pure.</summary>
internal static class ClusterFailure
{
    public static string Sentence(KubeException failure, Uri server) => failure.Message + failure.Failure switch
    {
        KubeFailure.NotFound when failure.Message.Contains("does not serve this kind", StringComparison.Ordinal)
            => " Install the definitions: cert-operator crds | kubectl apply --server-side -f -",
        KubeFailure.Forbidden => " Name a namespace that you may read with -n, another --context, or have the right granted to you.",
        KubeFailure.Unavailable => $" Check that {server.GetLeftPart(UriPartial.Authority)} is the right server and can be reached, or name another --context.",
        KubeFailure.Throttled => " Try it again in a moment.",
        _ => "",
    };
}
