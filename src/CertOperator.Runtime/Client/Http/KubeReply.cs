namespace CertOperator.Runtime.Client.Http;

/// <summary>An answer whose body is still to be read, and the connection that it comes on.</summary>
internal sealed class KubeReply(KubeSession session, HttpResponseMessage response) : IDisposable
{
    public HttpResponseMessage Response { get; } = response;

    public KubeSession Session { get; } = session;

    public void Dispose()
    {
        Response.Dispose();
        Session.Dispose();
    }
}
