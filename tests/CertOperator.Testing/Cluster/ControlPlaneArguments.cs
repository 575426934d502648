namespace CertOperator.Testing.Cluster;

/// <summary>The command lines of the servers; every file is in one folder and every address is on loopback.</summary>
internal static class ControlPlaneArguments
{
    /// <summary>With it the other servers speak to kube-apiserver.</summary>
    public static string KubeconfigPath(string folder) => Path.Combine(folder, "servers.kubeconfig");

    public static IEnumerable<string> Etcd(string folder, int clientPort, int peerPort) =>
    [
        $"--data-dir={folder}/etcd",
        $"--listen-client-urls=http://127.0.0.1:{clientPort}",
        $"--advertise-client-urls=http://127.0.0.1:{clientPort}",
        $"--listen-peer-urls=http://127.0.0.1:{peerPort}",
        $"--initial-advertise-peer-urls=http://127.0.0.1:{peerPort}",
        $"--initial-cluster=default=http://127.0.0.1:{peerPort}",
        "--unsafe-no-fsync",
        "--log-level=warn",
    ];

    public static IEnumerable<string> ApiServer(string folder, int etcdPort, int port, ClusterVersion version) =>
    [
        $"--etcd-servers=http://127.0.0.1:{etcdPort}",
        $"--cert-dir={folder}/apiserver",
        $"--secure-port={port}",
        "--bind-address=127.0.0.1",
        "--insecure-port=0",
        $"--service-account-key-file={folder}/sa.pub",
        $"--service-account-signing-key-file={folder}/sa.key",
        "--service-account-issuer=https://kubernetes.default.svc",
        $"--token-auth-file={folder}/tokens.csv",
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--disable-admission-plugins=ServiceAccount",
        $"--audit-policy-file={folder}/audit-policy.yaml",
        $"--audit-log-path={folder}/audit.log",
        // A request is in the log before its answer is sent, so a test may read the log right after the fact.
        "--audit-log-mode=blocking",
        .. version is ClusterVersion.Current ? PassingOn(folder) : [],
    ];

    public static IEnumerable<string> ApiExtensions(string folder, int etcdPort, int port) =>
    [
        $"--etcd-servers=http://127.0.0.1:{etcdPort}",
        $"--cert-dir={folder}/apiextensions",
        $"--secure-port={port}",
        "--bind-address=127.0.0.1",
        $"--kubeconfig={KubeconfigPath(folder)}",
        $"--authentication-kubeconfig={KubeconfigPath(folder)}",
        $"--authorization-kubeconfig={KubeconfigPath(folder)}",
        // These wait for kinds that kube-apiserver 1.20 does not have.
        "--disable-admission-plugins=MutatingAdmissionPolicy,ValidatingAdmissionPolicy",
        "--enable-priority-and-fairness=false",
    ];

    /// <summary>Only what the tests look at. Its own port is off: it would be the same for every cluster.</summary>
    public static IEnumerable<string> ControllerManager(string folder) =>
    [
        $"--kubeconfig={KubeconfigPath(folder)}",
        "--bind-address=127.0.0.1",
        "--port=0",
        "--secure-port=0",
        "--controllers=garbagecollector,namespace,endpoint,endpointslice",
        "--leader-elect=false",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
    ];

    private static IEnumerable<string> PassingOn(string folder) =>
    [
        $"--requestheader-client-ca-file={FrontProxy.AuthorityPath(folder)}",
        $"--requestheader-allowed-names={FrontProxy.Name}",
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        $"--proxy-client-cert-file={FrontProxy.CertificatePath(folder)}",
        $"--proxy-client-key-file={FrontProxy.KeyPath(folder)}",
    ];
}
