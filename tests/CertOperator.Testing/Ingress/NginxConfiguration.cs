namespace CertOperator.Testing.Ingress;

/// <summary>The text of nginx's configuration; paths in it are relative to nginx's own folder.</summary>
internal static class NginxConfiguration
{
    /// <param name="httpPort">A port of loopback.</param>
    /// <param name="httpsPort">Another one.</param>
    /// <param name="servers">What <see cref="Server"/> gave for each host.</param>
    public static string Main(int httpPort, int httpsPort, IEnumerable<string> servers) => $$"""
        daemon off;
        user root;
        worker_processes 1;
        worker_shutdown_timeout 1s;
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 512; }
        http {
          log_format question '$http_user_agent|$host|$uri|$status';
          access_log access.log question;
          server_names_hash_bucket_size 512;
          client_body_temp_path tmp-body;
          proxy_temp_path tmp-proxy;
          fastcgi_temp_path tmp-fastcgi;
          uwsgi_temp_path tmp-uwsgi;
          scgi_temp_path tmp-scgi;
          server {
            listen 127.0.0.1:{{httpPort}} default_server;
            listen 127.0.0.1:{{httpsPort}} ssl default_server;
            ssl_certificate default.crt;
            ssl_certificate_key default.key;
            return 404;
          }
        {{string.Concat(servers)}}
        }
        """;

    /// <summary>
    /// A host that answers with its own name, but for paths that are passed on; <paramref name="files"/> names its certificate
    /// and key without extension.
    /// </summary>
    public static string Server(int httpPort, int httpsPort, VirtualHost host, string files) => $$"""
          server {
            listen 127.0.0.1:{{httpPort}};
            listen 127.0.0.1:{{httpsPort}} ssl;
            server_name "{{host.Name}}";
            ssl_certificate {{files}}.crt;
            ssl_certificate_key {{files}}.key;
            default_type text/plain;
            location ~ ^/ { return 200 "{{host.Name}}"; }
        {{string.Concat(host.Paths.Select(Location))}}
          }

        """;

    private static string Location(HostPath path) => $$"""
            location {{(path.IsExact ? "=" : "^~")}} "{{path.Path}}" {
              proxy_pass http://{{path.Upstream}};
              proxy_set_header Host $host;
            }

        """;
}
