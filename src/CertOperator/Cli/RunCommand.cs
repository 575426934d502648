using System.CommandLine;
using System.Net;
using System.Text.RegularExpressions;
using CertOperator.Challenges.SelfChecks;
using CertOperator.Cli.Clusters;
using CertOperator.Controllers;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Leadership;
using CertOperator.Telemetry;
using CertOperator.Web;

namespace CertOperator.Cli;

/// <summary><c>cert-operator run</c>: the operator on a cluster.</summary>
internal static partial class RunCommand
{
    private static readonly Option<string> Namespace = new("--namespace", "-n")
    {
        Description = "The operator's own namespace: Secrets of ClusterIssuers and the Lease ($POD_NAMESPACE, or cert-operator).",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("POD_NAMESPACE") is { Length: > 0 } own ? own : "cert-operator",
    };

    private static readonly Option<IReadOnlyList<string>> Namespaces = new("--namespaces")
    {
        Description = "The only namespaces to work in, separated by commas, beside the operator's own; then it needs no rights to the cluster's objects. All without it.",
        CustomParser = result => ReadNamespaces([.. result.Tokens.SelectMany(token => token.Value.Split(','))], result.AddError),
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string> ClusterDomain = new("--cluster-domain") { Description = "Last part of the names of Services.", DefaultValueFactory = _ => "cluster.local" };
    private static readonly Option<int> Workers = new("--workers") { Description = "Certificates worked on at the same time.", DefaultValueFactory = _ => 16 };
    private static readonly Option<bool> Rollouts = new("--rollouts") { Description = "Restart the workloads that Certificates name in rollout; needs the rights to patch them." };
    private static readonly Option<bool> LeaderElect = new("--leader-elect") { Description = "Work only while holding the Lease, so that several replicas can run.", DefaultValueFactory = _ => true };
    private static readonly Option<bool> AllowPrivateAcme = new("--allow-private-acme-servers") { Description = "Let Issuers of a namespace name ACME servers with private addresses; those of ClusterIssuers always may." };
    private static readonly Option<string?> Listen = new("--listen") { Description = "Address and port of probes and metrics.", DefaultValueFactory = _ => "0.0.0.0:8080" };
    private static readonly Option<string?> AcmeListen = new("--acme-listen") { Description = "Address and port of the answers to ACME's HTTP-01 challenges.", DefaultValueFactory = _ => "0.0.0.0:8089" };
    private static readonly Option<string?> AcmeTlsListen = new("--acme-tls-listen") { Description = "Address and port of the answers to ACME's TLS-ALPN-01 challenges, for example 0.0.0.0:8443; not answered without it." };
    private static readonly Option<string> Service = new("--service-name") { Description = "The operator's own Service, which solver Ingresses send HTTP-01 requests to.", DefaultValueFactory = _ => "cert-operator" };
    private static readonly Option<int> ServicePort = new("--service-acme-port") { Description = "The port of that Service that leads to --acme-listen.", DefaultValueFactory = _ => 8089 };
    private static readonly Option<bool> PrivateChecks = new("--self-check-private-addresses") { Description = "Let the self-check of HTTP-01 connect to private addresses that a name resolves to; those of Ingresses always are." };
    private static readonly Option<int> CheckPort = new("--self-check-port") { Description = "The port that the self-check of HTTP-01 asks, where port 80 of a name has another number as seen from the cluster.", DefaultValueFactory = _ => 80 };
    private static readonly Option<string?> Otlp = new("--otlp-endpoint")
    {
        Description = "Where a trace of each issuance is sent by OTLP, for example http://collector.monitoring:4318 ($OTEL_EXPORTER_OTLP_ENDPOINT; none is made without it). Other variables of OpenTelemetry say how.",
    };

    private static readonly Option<LogLevel> Level = new("--log-level") { Description = "The least level that is logged.", DefaultValueFactory = _ => LogLevel.Information };
    private static readonly Option<bool> LogJson = new("--log-json") { Description = "Log one JSON object a line." };

    public static Command Create()
    {
        var command = new Command("run", "Runs the operator on a cluster, inside it or with a kubeconfig.")
        {
            ClusterOptions.Kubeconfig, ClusterOptions.Context, Namespace, Namespaces, IssuerOption.Default, ClusterDomain, Workers, Rollouts, LeaderElect, AllowPrivateAcme, Listen,
            AcmeListen, AcmeTlsListen, Service, ServicePort, PrivateChecks, CheckPort, Otlp, Level, LogJson,
        };
        foreach (Option option in ServedFlags.All)
            command.Add(option);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var wrong = new List<string>();
        IPEndPoint? endpoint = ListenAddress.Read(parsed, Listen, wrong), acme = ListenAddress.Read(parsed, AcmeListen, wrong), acmeTls = ListenAddress.Read(parsed, AcmeTlsListen, wrong);
        TraceSettings? traced = TracesOf(parsed, wrong);
        if (wrong.Count > 0)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', wrong));
            return ExitCodes.Failed;
        }

        using ILoggerFactory loggers = LoggerFactory.Create(logging => LogSettings.Configure(logging, parsed.GetValue(Level), parsed.GetValue(LogJson)));
        try
        {
            using IDisposable? traces = traced is null ? null : Traces.Start(traced, loggers);
            KubeConfig config = KubeConfig.Find(parsed.GetValue(ClusterOptions.Kubeconfig), parsed.GetValue(ClusterOptions.Context));
            using var client = new KubeClient(config, Product.UserAgent, TimeProvider.System);
            await using Operator certOperator = await Operator.CreateAsync(client, OptionsOf(parsed) with { Post = client.PostAsync, PostTo = client.PostToAsync }, TimeProvider.System, loggers, cancel);
            await using WebApplication server = OperatorServer.Create(certOperator, endpoint!, loggers);
            await using WebApplication answers = ChallengeServer.Create(certOperator.Challenges, acme, acmeTls, TimeProvider.System, loggers);
            await ListenAddress.StartAsync(server, cancel, endpoint);
            await ListenAddress.StartAsync(answers, cancel, acme, acmeTls);
            OperatorLog.Started(loggers.CreateLogger("CertOperator"), client.Server, endpoint!);
            await certOperator.Manager.RunAsync(cancel);
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        catch (Exception failure) when (failure is KubeConfigException or LeadershipLostException or IOException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return ExitCodes.Failed;
        }
    }

    private static OperatorOptions OptionsOf(ParseResult parsed) => new()
    {
        Namespace = parsed.GetValue(Namespace)!,
        Namespaces = parsed.GetValue(Namespaces)!,
        DefaultIssuer = parsed.GetValue(IssuerOption.Default),
        ClusterDomain = parsed.GetValue(ClusterDomain)!,
        Workers = parsed.GetValue(Workers),
        Rollouts = parsed.GetValue(Rollouts),
        AllowPrivateAcmeServers = parsed.GetValue(AllowPrivateAcme),
        ServiceName = parsed.GetValue(Service)!,
        ServicePort = parsed.GetValue(ServicePort),
        AnswersTlsAlpn = parsed.GetValue(AcmeTlsListen) is not null,
        SelfCheck = new SelfCheckOptions { AllowPrivateAddresses = parsed.GetValue(PrivateChecks), Port = parsed.GetValue(CheckPort) },
        Served = ServedFlags.Of(parsed),
        LeaseIdentity = parsed.GetValue(LeaderElect) ? $"{Environment.MachineName}_{Guid.NewGuid():N}" : null,
    };

    private static IReadOnlyList<string> ReadNamespaces(IReadOnlyList<string> names, Action<string> complain)
    {
        foreach (string name in names.Where(name => !NamespaceName().IsMatch(name)))
            complain($"--namespaces: \"{name}\" cannot name a namespace. Write names of namespaces, separated by commas and nothing else.");
        return names;
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex NamespaceName();

    private static TraceSettings? TracesOf(ParseResult parsed, List<string> wrong)
    {
        try
        {
            return TraceSettings.Read(parsed.GetValue(Otlp), Environment.GetEnvironmentVariable);
        }
        catch (FormatException unusable)
        {
            wrong.Add(unusable.Message);
            return null;
        }
    }
}
