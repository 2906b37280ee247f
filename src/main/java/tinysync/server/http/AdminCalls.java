package tinysync.server.http;

import com.eclipsesource.json.JsonObject;

import java.io.IOException;
import java.util.List;

/** What the operator does to the server itself. */
final class AdminCalls {
    private final HttpServices services;

    AdminCalls(HttpServices services) {
        this.services = services;
    }

    List<Route> routes() {
        return List.of(new Route("POST", "/v1/admin/token/rotate", Route.Need.ADMIN, this::rotate));
    }

    private void rotate(Call call) throws IOException {
        call.answer(200, new JsonObject().add("token", services.rotateAdminToken().get()));
    }
}
