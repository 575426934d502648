namespace CertOperator.Testing.Cluster;

/// <summary>The folder into which <c>tests/install.sh</c> puts the real parts, and the programs in it.</summary>
public static class TestCache
{
    private static string Folder { get; } = Path.Combine(CacheHome(), "cert-operator-tests");

    public static string KubeApiServer => Find("kubernetes-patched/kube-apiserver");

    public static string KubeControllerManager => Find("kubernetes-patched/kube-controller-manager");

    public static string Etcd => Find("etcd/usr/bin/etcd");

    public static string ApiExtensionsServer => Find("apiextensions/apiextensions-apiserver");

    /// <summary>The etcd beside it.</summary>
    public static string CurrentEtcd => Find("apiextensions/etcd");

    public static string Kubectl => Find("kubectl/kubectl");

    public static string Helm => Find("kubectl/helm");

    public static string Nginx => Find("nginx/usr/sbin/nginx");

    public static string Pebble => Find("acme/usr/bin/pebble");

    public static string ChallengeTestServer => Find("acme/usr/bin/pebble-challtestsrv");

    public static string Knot => Find("knot/usr/sbin/knotd");

    public static string KnotUpdate => Find("knot/usr/bin/knsupdate");

    public static string Lego => Find("acme/usr/bin/lego");

    public static string Certbot => Find("certbot/usr/bin/certbot");

    /// <summary>The Python modules unpacked beside certbot, as a value of PYTHONPATH.</summary>
    public static string CertbotModules => Path.Combine(Folder, "certbot/usr/lib/python3/dist-packages");

    public static string PowerDns => Find("powerdns/usr/sbin/pdns_server");

    public static string Prometheus => Find("prometheus/usr/bin/prometheus");

    public static string Promtool => Find("prometheus/usr/bin/promtool");

    /// <summary>The folder of its default templates.</summary>
    public static string AlertmanagerTemplates => Path.GetDirectoryName(Find("prometheus/usr/share/prometheus/alertmanager/default.tmpl"))!;

    public static string Alertmanager => Find("prometheus/usr/bin/prometheus-alertmanager");

    /// <summary>The folder of its backends.</summary>
    public static string PowerDnsModules => Path.GetDirectoryName(Find("powerdns/usr/lib/x86_64-linux-gnu/pdns/liblmdbbackend.so"))!;

    public static string Zsh => Find("shells/bin/zsh");

    /// <summary>What zsh runs first, for it looks for its modules and functions where a package has them.</summary>
    public static string ZshStart => $"module_path=({Folder}/shells/usr/lib/x86_64-linux-gnu/zsh/*(/)); fpath=({Folder}/shells/usr/share/zsh/functions/*(/)); autoload -Uz compinit; compinit -D -u";

    public static string Fish => Find("shells/usr/bin/fish");

    /// <summary>As <see cref="ZshStart"/>.</summary>
    public static string FishStart => $"set fish_function_path {Folder}/shells/usr/share/fish/functions";

    public static string Buildah => Find("buildah/usr/bin/buildah");

    /// <summary>Whether an image may be taken, and from where: nobody is asked.</summary>
    public static string BuildahPolicy => Find("buildah/etc/containers/policy.json");

    public static string BuildahRegistries => Find("buildah/etc/containers/registries.conf");

    /// <summary>The files of a base for images: the C library, OpenSSL and the public CAs.</summary>
    public static string ImageBase => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Find("image-base/etc/ssl/certs/ca-certificates.crt"))!, "../../.."));

    /// <summary>The versions of the Debian packages of a part that <c>tests/install.sh</c> took from any suite.</summary>
    public static string Versions(string part) => Find($"{part}/versions");

    /// <summary>The shared libraries unpacked beside a program of the cache, as a value of LD_LIBRARY_PATH.</summary>
    public static string Libraries(string part) =>
        $"{Folder}/{part}/usr/lib/x86_64-linux-gnu:{Folder}/{part}/lib/x86_64-linux-gnu";

    private static string Find(string program)
    {
        var path = Path.Combine(Folder, program);
        // The log of a part is there from the start of its installation on, and the part only when that has succeeded.
        var log = Path.Combine(Folder, $"{program.Split('/')[0]}.log");
        return File.Exists(path) ? path : throw new MissingPartException(Path.GetFileName(program), File.Exists(log) ? log : null);
    }

    private static string CacheHome() =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
