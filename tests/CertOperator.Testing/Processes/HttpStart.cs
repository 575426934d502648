using System.Net;

namespace CertOperator.Testing.Processes;

/// <summary>How a server with an HTTP face is found to be ready.</summary>
internal static class HttpStart
{
    /// <summary>Whether a path answers 200; a port that nobody listens on does not.</summary>
    public static async Task<bool> AnswersAsync(HttpClient client, string path)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
